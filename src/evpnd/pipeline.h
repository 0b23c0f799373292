/*
 * pipeline - carries changes from table to table. Read this first.
 */
#ifndef EVPND_PIPELINE_H
#define EVPND_PIPELINE_H

struct evpnd;
struct pipeline;

struct pipeline *pipeline_new(struct evpnd *d);
void pipeline_free(struct pipeline *p);

#endif
