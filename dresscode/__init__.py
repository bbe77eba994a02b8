import os

# Before anything imports NumPy. Workers are as many as there are cores; and a process that is forked beside a thread in
# the midst of its BLAS would leave that thread waiting for ever.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
