import json, numpy as np, collections
z=np.load('/tmp/coltrain.npz'); rows=[json.loads(l) for l in open('/work/shared/photos/finer/train.jsonl')]
C=z['centres'].astype('f'); S=z['shares'].astype('f'); G=z['ground'].astype('f'); now=[json.loads(str(n)) for n in z['now']]
ok=np.array([n[0] in r['colors'] for n,r in zip(now,rows)]); print('today',ok.mean())
first=collections.Counter((n[0],r['colors'][0]) for n,r in zip(now,rows) if n[0] not in r['colors']); print(first.most_common(30))
names=sorted({c for r in rows for c in r['colors']}); print(len(names),collections.Counter(r['colors'][0] for r in rows).most_common())
# features per cluster
def phi(lab,ground):
    L,a,b=lab[...,0],lab[...,1],lab[...,2]; c=np.hypot(a,b)
    gl=np.broadcast_to(ground[:,None,6],L.shape); gw=np.broadcast_to(ground[:,None,4],L.shape); ga=np.broadcast_to(ground[:,None,7],L.shape); gb=np.broadcast_to(ground[:,None,8],L.shape)
    h=np.arctan2(b,a); cs=np.minimum(c/.05,1)
    f=[np.ones_like(L),L,L*L,a*10,b*10,c*10,c*c*100,L*c*10,L*a*10,L*b*10,a*a*100,b*b*100,a*b*100,cs,cs*np.cos(h),cs*np.sin(h),cs*np.cos(2*h),cs*np.sin(2*h),cs*np.cos(3*h),cs*np.sin(3*h),cs*np.cos(4*h),cs*np.sin(4*h),L*cs*np.cos(h),L*cs*np.sin(h),L*cs*np.cos(2*h),L*cs*np.sin(2*h),L*L*cs*np.cos(h),L*L*cs*np.sin(h),gl,gw,gl*L,gw*L,ga*10,gb*10,L**3,np.exp(-c/.015),np.exp(-c/.03),np.exp(-c/.03)*L]
    return np.stack(f,-1)
F=phi(C,G); F[...,1:]=(F[...,1:]-F[...,1:].mean((0,1)))/F[...,1:].std((0,1))
T=np.zeros((len(rows),len(names)))
for i,r in enumerate(rows):
    for k,c in enumerate(r['colors']): T[i,names.index(c)]=.5**k
T/=T.sum(1,keepdims=True); A=T>0
mi=names.index('multicolor'); others=[i for i in range(len(names)) if i!=mi]
def softmax(x): e=np.exp(x-x.max(-1,keepdims=True)); return e/e.sum(-1,keepdims=True)
def fit(tr,steps=600,lr=.05,wd=1e-3,p=.5,seed=0):
    d=F.shape[-1]; W=np.zeros((d,len(others))); u=np.zeros(5); m=v=None
    params=[W,u]; M=[0*x for x in params]; V=[0*x for x in params]
    Tf=T[tr]; At=A[tr]; Ft=F[tr]; St=S[tr]
    for t in range(1,steps+1):
        q=softmax(Ft@W)            # n,12,k
        P=(St[...,None]*q).sum(1)  # n,k mix
        H=-(P*np.log(P+1e-9)).sum(1); mx=P.max(1); s2=np.sort(P,1)[:,-2]
        X=np.stack([np.ones(len(P)),H,mx,s2,(P>.1).sum(1)],1); 
        pm=1/(1+np.exp(-(X@u)))
        full=np.zeros((len(P),len(names))); full[:,others]=P*(1-pm)[:,None]; full[:,mi]=pm
        pref=full*At; pref/=pref.sum(1,keepdims=True)+1e-9; want=(pref+Tf)/2
        # grads: loss=-sum want log full
        wm=want[:,mi]; gu=X.T@(pm-wm)/len(P)+1e-4*u
        dP=-want[:,others]/(P+1e-6)  # n,k
        g=St[...,None]*dP[:,None,:]; gq=q*(g-(g*q).sum(-1,keepdims=True))
        gW=np.einsum('nkd,nkc->dc',Ft,gq)/len(P)+wd*W
        for i,(x,gr) in enumerate(((W,gW),(u,gu))):
            M[i]=.9*M[i]+.1*gr; V[i]=.99*V[i]+.01*gr**2; x-=lr*(1-t/steps*.9)*(M[i]/(1-.9**t))/(np.sqrt(V[i]/(1-.99**t))+1e-8)
    return W,u
def predict(te,W,u):
    q=softmax(F[te]@W); P=(S[te][...,None]*q).sum(1)
    H=-(P*np.log(P+1e-9)).sum(1); X=np.stack([np.ones(len(P)),H,P.max(1),np.sort(P,1)[:,-2],(P>.1).sum(1)],1); pm=1/(1+np.exp(-(X@u)))
    full=np.zeros((len(P),len(names))); full[:,others]=P*(1-pm)[:,None]; full[:,mi]=pm; return full
rng=np.random.default_rng(0); fold=rng.permutation(len(rows))%5
for wd in (3e-4,1e-3,3e-3):
    pred=np.zeros((len(rows),len(names)))
    for k in range(5):
        W,u=fit(np.where(fold!=k)[0],wd=wd); pred[fold==k]=predict(np.where(fold==k)[0],W,u)
    top=pred.argmax(1); ok=np.array([names[t] in r['colors'] for t,r in zip(top,rows)]); c=pred.max(1); o=np.argsort(c)
    print(wd,'cv',ok.mean(),'ece',sum(abs(c[b].mean()-ok[b].mean())*len(b) for b in np.array_split(o,10))/len(o), 'top2',np.mean([any(names[t] in r['colors'] for t in np.argsort(-q)[:2]) for q,r in zip(pred,rows)]))
