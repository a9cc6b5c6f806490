/* pyobj.h: all of Python's objects. README.md has the table of kinds. */
#ifndef PYOBJ_H
#define PYOBJ_H

#include "pyobj/array.h"
#include "pyobj/bytearray.h"
#include "pyobj/bytes.h"
#include "pyobj/constant.h"
#include "pyobj/deque.h"
#include "pyobj/dict.h"
#include "pyobj/float.h"
#include "pyobj/function.h"
#include "pyobj/generator.h"
#include "pyobj/instance.h"
#include "pyobj/int.h"
#include "pyobj/list.h"
#include "pyobj/object.h"
#include "pyobj/range.h"
#include "pyobj/sequence.h"
#include "pyobj/set.h"
#include "pyobj/shared.h"
#include "pyobj/sizeof.h"
#include "pyobj/str.h"
#include "pyobj/tuple.h"
#include "pyobj/walk.h"
#include "pyobj/weak_dict.h"

#endif
