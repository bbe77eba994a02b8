import sys, json; sys.path.insert(0,'/work/main')
import numpy as np, time
exec(open('/tmp/extract.py').read().split("W=[];C=[]")[0].replace("part=sys.argv[1]; out=sys.argv[2]","").split("files=sorted")[0])
def square(im,ground,size=260):
    k=size/max(im.size); w,h=(max(1,round(a*k)) for a in im.size)
    sc=im.resize((w,h),Image.Resampling.BICUBIC,reducing_gap=2.0)
    sq=Image.new('RGB',(size,size),ground); sq.paste(sc,((size-w)//2,(size-h)//2)); return np.asarray(sq)
def feats(sqs):
    b=np.stack(sqs).astype('f'); b=((b-127)/128).transpose(0,3,1,2)
    return s.run(None,{'pictures':np.ascontiguousarray(b)})[0]
from lab.synthetic.grounds import GROUNDS
from lab.synthetic.photos import render_photo
from lab.synthetic.sampling import sample_shot, sample_spec
n=int(sys.argv[1]); seed=int(sys.argv[2]); out=sys.argv[3]
rng=np.random.default_rng(seed); p=VisionParameters(); F=[];T=[];PT=[];t=time.time()
for i in range(n):
    spec=sample_spec(rng)
    ph=render_photo(spec,seed=int(rng.integers(2**32)),background=str(rng.choice(list(GROUNDS))),size=(450,600),shot=sample_shot(rng))
    im=ph.image.convert('RGB')
    if i==0: print(spec, [a for a in dir(ph) if a[0]!='_'])
    small=np.asarray(im.resize((64,64))); rim=np.concatenate([small[:3].reshape(-1,3),small[-3:].reshape(-1,3),small[:,:3].reshape(-1,3),small[:,-3:].reshape(-1,3)])
    ground=tuple(int(x) for x in np.median(rim,axis=0))
    rs=join_parts(find_regions(to_oklab(shrink_image(im,p)),parameters=p)); big=max(r.area for r in rs); r=join_regions([r for r in rs if r.area>.25*big])
    sq=[square(im,ground),square(crop_square(im,r.box),ground)]
    if rng.random()<.5: sq=[q[:,::-1] for q in sq]
    F.append(feats(sq)); T.append(spec.type); PT.append(spec.pattern)
    if i%100==0: print(i,time.time()-t,flush=True)
    if i%500==499: np.savez(out,feats=np.array(F,dtype='f2'),types=T,patterns=PT)
np.savez(out,feats=np.array(F,dtype='f2'),types=T,patterns=PT)
