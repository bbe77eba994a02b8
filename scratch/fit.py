import json, sys, numpy as np, collections, time
sys.path.insert(0,'/work/main')
from sklearn.linear_model import LogisticRegression
from wardrobe.vision.families import FAMILIES, FAMILY_OF, FOLDER_NAMES
z=np.load('/tmp/train.npz'); files=list(z['files']); idx={f:i for i,f in enumerate(files)}
W=z['whole'].astype('f'); Cc=z['crop'].astype('f')
rows=[json.loads(l) for l in open('/work/shared/photos/finer/train.jsonl')]
sel=np.array([idx[r['file']] for r in rows])
FAM=dict(FAMILY_OF); FAM.update({'blouse':'shirt','vest':'longsleeve','leather-jacket':'jacket','fleece':'longsleeve','slippers':'shoes','jumpsuit':'dress','swimwear':'dress'})
types=[r['type'] for r in rows]
# groups: near duplicates by cosine of whole head features
H=W[sel][:,0,:1280]; H=H/np.linalg.norm(H,axis=1,keepdims=True); S=H@H.T
g=np.arange(len(rows))
for i in range(len(rows)):
    for j in np.where(S[i,:i]>0.93)[0]: g[g==g[i]]=g[j]
print('groups',len(set(g)))
rng=np.random.default_rng(0); u=np.unique(g); f=dict(zip(u,rng.permutation(len(u))%5)); fold=np.array([f[a] for a in g])
kinds=sorted(set(types)); y=np.array([kinds.index(t) for t in types])
def std(X,mu=None,sd=None):
    if mu is None: mu=X.mean(0); sd=X.std(0)+1e-6
    return np.clip((X-mu)/sd,-4,4),mu,sd
def probs(X2, C):  # X2 (n,2,d) both mirror; train on both
    P=np.zeros((len(rows),len(kinds)))
    for k in range(5):
        tr=fold!=k; te=~tr
        A=np.concatenate([X2[tr,0],X2[tr,1]]); yy=np.concatenate([y[tr],y[tr]])
        A,mu,sd=std(A)
        m=LogisticRegression(C=C,max_iter=60).fit(A,yy)
        L=sum(np.log(m.predict_proba(std(X2[te,i],mu,sd)[0])+1e-9) for i in (0,1))/2
        full=np.full((te.sum(),len(kinds)),-20.); full[:,m.classes_]=L; P[te]=full
    return P
def fam_of(t): return FAM[t]
fams=sorted(set(FAM[k] for k in kinds)); FM=np.array([[FAM[k]==f for f in fams] for k in kinds],float)
def report(name,L,T=1.0):
    p=np.exp(L/T); p/=p.sum(1,keepdims=True)
    pred=p.argmax(1); ok=np.array([kinds[a]==r['type'] or kinds[a] in r['also'] for a,r in zip(pred,rows)])
    pf=p@FM; fp=pf.argmax(1); fok=np.array([fams[a] in {FAM[r['type']],*[FAM.get(t) for t in r['also']]} for a,r in zip(fp,rows)])
    top2=np.array([any(kinds[a]==r['type'] or kinds[a] in r['also'] for a in np.argsort(-q)[:2]) for q,r in zip(p,rows)])
    c=p.max(1); o=np.argsort(c); ece=sum(abs(c[b].mean()-ok[b].mean())*len(b) for b in np.array_split(o,10))/len(o)
    print(f'{name}: fine {ok.mean():.3f} top2 {top2.mean():.3f} family {fok.mean():.3f} ece {ece:.3f}')
    for t in (.5,.6,.7,.8): 
        m=c>t; print('   told at',t,f'{m.mean():.2f} right {ok[m].mean():.3f}')
    return p,ok
if __name__=='__main__':
    t=time.time(); res={}
    for name,X in (('whole',W[sel]),('crop',Cc[sel]),('both',np.concatenate([W[sel],Cc[sel]],2))):
        L=probs(X,.01 if name!='both' else .005); res[name]=L; report(name,L); print(time.time()-t,flush=True)
    report('avg',(res['whole']+res['crop'])/2)
    np.savez('/tmp/cv.npz',**res)
