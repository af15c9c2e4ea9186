/* Of which day's store a row of component_match or result speaks: of the newest where it is followed (src/register/follow.h). */
#ifndef ASSAY_REGISTER_AS_OF_H
#define ASSAY_REGISTER_AS_OF_H

#define AS_OF(table) \
	"CASE " table ".followed WHEN 1 THEN (SELECT date FROM store ORDER BY id DESC LIMIT 1) ELSE " table ".store_date END"

#endif
