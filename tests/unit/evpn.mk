# Unit tests of lib/evpn.
if HAVE_CHECK
check_PROGRAMS += t_evi t_evpn t_gateway t_ipvrf t_local t_macip t_member t_origin t_place t_project
t_evi_SOURCES = tests/unit/t_evi.c tests/unit/evpnkit.h tests/unit/unit.h
t_evi_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_evi_LDADD = $(EVPN_LIBS) $(CHECK_LIBS)
t_evpn_SOURCES = tests/unit/t_evpn.c tests/unit/evpnkit.h tests/unit/unit.h
t_evpn_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_evpn_LDADD = $(EVPN_LIBS) $(CHECK_LIBS)
t_gateway_SOURCES = tests/unit/t_gateway.c tests/unit/evpnkit.h tests/unit/unit.h
t_gateway_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_gateway_LDADD = $(EVPN_LIBS) $(CHECK_LIBS)
t_ipvrf_SOURCES = tests/unit/t_ipvrf.c tests/unit/evpnkit.h tests/unit/unit.h
t_ipvrf_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_ipvrf_LDADD = $(EVPN_LIBS) $(CHECK_LIBS)
t_local_SOURCES = tests/unit/t_local.c tests/unit/evpnkit.h tests/unit/unit.h
t_local_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_local_LDADD = $(EVPN_LIBS) $(CHECK_LIBS)
t_macip_SOURCES = tests/unit/t_macip.c tests/unit/evpnkit.h tests/unit/unit.h
t_macip_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_macip_LDADD = $(EVPN_LIBS) $(CHECK_LIBS)
t_member_SOURCES = tests/unit/t_member.c tests/unit/evpnkit.h tests/unit/unit.h
t_member_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_member_LDADD = $(EVPN_LIBS) $(CHECK_LIBS)
t_origin_SOURCES = tests/unit/t_origin.c tests/unit/evpnkit.h tests/unit/unit.h
t_origin_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_origin_LDADD = $(EVPN_LIBS) $(CHECK_LIBS)
t_place_SOURCES = tests/unit/t_place.c tests/unit/evpnkit.h tests/unit/unit.h
t_place_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_place_LDADD = $(EVPN_LIBS) $(CHECK_LIBS)
t_project_SOURCES = tests/unit/t_project.c tests/unit/evpnkit.h tests/unit/unit.h
t_project_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_project_LDADD = $(EVPN_LIBS) $(CHECK_LIBS)
endif
