import sys, json; sys.path.insert(0,'/work/main')
import numpy as np, onnxruntime as ort, time
from pathlib import Path
from PIL import Image, ImageOps
from wardrobe.vision.oklab import to_oklab
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.garments import shrink_image, crop_square, join_regions, join_parts
from wardrobe.vision.segmentation import find_regions
o=ort.SessionOptions(); o.intra_op_num_threads=1; o.inter_op_num_threads=1
s=ort.InferenceSession('/tmp/trunk.onnx',o,providers=['CPUExecutionProvider'])
R=Path('/work/shared/photos')
part=sys.argv[1]; out=sys.argv[2]
files=sorted(str(p.relative_to(R)) for p in (R/part).rglob('*.jpg'))
def square(im,ground,size=260):
    k=size/max(im.size); w,h=(max(1,round(a*k)) for a in im.size)
    sc=im.resize((w,h),Image.Resampling.BICUBIC,reducing_gap=2.0)
    sq=Image.new('RGB',(size,size),ground); sq.paste(sc,((size-w)//2,(size-h)//2)); return np.asarray(sq)
def feats(sq):
    b=np.stack([sq,sq[:,::-1]]).astype('f'); b=((b-127)/128).transpose(0,3,1,2)
    return s.run(None,{'pictures':np.ascontiguousarray(b)})[0]
W=[];C=[];B=[];t=time.time()
p=VisionParameters()
for i,f in enumerate(files):
    im=ImageOps.exif_transpose(Image.open(R/f)).convert('RGB')
    if max(im.size)>1024: im.thumbnail((1024,1024))
    small=np.asarray(im.resize((64,64)))
    rim=np.concatenate([small[:3].reshape(-1,3),small[-3:].reshape(-1,3),small[:,:3].reshape(-1,3),small[:,-3:].reshape(-1,3)])
    ground=tuple(int(x) for x in np.median(rim,axis=0))
    W.append(feats(square(im,ground)))
    try:
        rs=join_parts(find_regions(to_oklab(shrink_image(im,p)),parameters=p))
        big=max(r.area for r in rs); r=join_regions([r for r in rs if r.area>.25*big])
        c=crop_square(im,r.box); B.append((*r.box,r.certainty))
    except Exception as e:
        print(f,e); c=im; B.append((0,0,1,1,0))
    C.append(feats(square(c,ground)))
    if i%200==0: print(i,len(files),time.time()-t,flush=True)
np.savez(out,files=files,whole=np.array(W,dtype='f2'),crop=np.array(C,dtype='f2'),box=np.array(B,dtype='f'))
