# Archive lib/libkern.a; add files below.
