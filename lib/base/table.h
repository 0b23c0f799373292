/*
 * table.h - the containers of this project: libbsd's red-black trees and queues.
 *
 * Trees: RB_ENTRY in the row, RB_PROTOTYPE and RB_GENERATE in the one .c file that owns
 * the tree. Queues: TAILQ where rows leave from the middle, STAILQ and SLIST where not.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

#endif
