# Archive lib/libconf.a; add files below.
