import sys, json; sys.path.insert(0,'/work/main')
import numpy as np, time
from pathlib import Path
from PIL import Image, ImageOps
from wardrobe.vision.oklab import to_oklab
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.garments import shrink_image, join_regions, join_parts, pixels_under
from wardrobe.vision.segmentation import find_regions
from wardrobe.vision.colours import measure_colours, LIGHTNESS_WEIGHT
from wardrobe.vision.clusters import cluster_colours
part=sys.argv[1]; out=sys.argv[2]
R=Path('/work/shared/photos'); rows=[json.loads(l) for l in open(f'/work/shared/photos/finer/{part}.jsonl')]
p=VisionParameters(); CE=[];SH=[];GR=[];NOW=[];CERT=[];t=time.time()
wts=np.array([LIGHTNESS_WEIGHT,1,1],dtype='f')
for i,r in enumerate(rows):
    im=ImageOps.exif_transpose(Image.open(R/r['file'])).convert('RGB')
    if max(im.size)>1024: im.thumbnail((1024,1024))
    rs=join_parts(find_regions(to_oklab(shrink_image(im,p)),parameters=p)); big=max(x.area for x in rs); reg=join_regions([x for x in rs if x.area>.25*big])
    px=pixels_under(im,reg.mask); NOW.append([c.name for c in measure_colours(px)])
    sample=px[::max(1,len(px)//4000)]; c=cluster_colours(to_oklab(sample)*wts,12)
    ce=np.zeros((12,3));sh=np.zeros(12); k=len(c.centres); ce[:k]=c.centres/wts; sh[:k]=c.shares; CE.append(ce);SH.append(sh)
    thin=np.asarray(im.resize((reg.mask.shape[1],reg.mask.shape[0]))); bg=thin[~reg.mask]; 
    lab=to_oklab(bg if len(bg) else thin.reshape(-1,3)); GR.append([*np.percentile(lab[:,0],[5,25,50,75,95,99]),*np.median(lab,axis=0)]); CERT.append(reg.certainty)
    if i%200==0: print(i,time.time()-t,flush=True)
np.savez(out,centres=CE,shares=SH,ground=GR,cert=CERT,now=[json.dumps(n) for n in NOW])
