import warnings; warnings.filterwarnings('ignore')
import sys; sys.path.insert(0,'/tmp'); exec(open('/tmp/fit.py').read().split("if __name__")[0])
t0=time.time()
XW=W[sel]; XC=Cc[sel]
def pca_fit(X,k,seed=0):
    A,mu,sd=std(X); U,S,V=np.linalg.svd(A[np.random.default_rng(seed).permutation(len(A))[:2500]],full_matrices=False); return mu,sd,V[:k].T
muW=pca_fit(np.concatenate([W[:,0],Cc[:,0]]),500)
def proj(X): return std(X,muW[0],muW[1])[0]@muW[2]
P={ (n,m):proj(X[:,m]) for n,X in (('w',XW),('c',XC)) for m in (0,1)}
print('proj',time.time()-t0,flush=True)
def cv(trainviews,testviews,C,wt=None):
    L=np.zeros((len(rows),len(kinds)))
    for k in range(5):
        tr=fold!=k; te=~tr
        A=np.concatenate([P[v][tr] for v in trainviews]); yy=np.tile(y[tr],len(trainviews))
        m=LogisticRegression(C=C,max_iter=40).fit(A,yy)
        q=sum(np.log(m.predict_proba(P[v][te])+1e-9) for v in testviews)/len(testviews)
        full=np.full((te.sum(),len(kinds)),-20.); full[:,m.classes_]=q; L[te]=full
    return L
al=[('w',0),('w',1),('c',0),('c',1)]
for C in (.003,.01,.03):
    t=time.time(); L=cv(al,[('w',0),('c',0)],C); report(f'pca500 all views, test w+c, C={C}',L); print(time.time()-t,flush=True)
np.savez('/tmp/cv2.npz',L=L)
