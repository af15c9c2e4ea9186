#include "base/shortage.h"

_Thread_local bool shortage_sign;
