# Archive lib/librib.a; add files below.
