/* Whether inputs can be one product. */
#include <string.h>

#include "cli/session.h"

/* The same file or folder, whatever it is called. */
static bool same_input(const struct session *session, int a, int b)
{
	const struct stat *left = &session->outputs.inputs[a].status, *right = &session->outputs.inputs[b].status;
	return left->st_dev == right->st_dev && left->st_ino == right->st_ino;
}

/* Files of one product: each once, and none that is a result of its own. */
bool session_may_stand_together(const struct session *session)
{
	for (int i = 0; i < session->input_count; i++) {
		if (session->inputs[i].saved)
			return !unusable("%s is a saved result, which is a product by itself; name it alone",
					 session->inputs[i].name);
		for (int k = 0; k < i; k++)
			if (same_input(session, k, i))
				return !unusable("%s is named twice%s%s", session->inputs[i].name,
						 strcmp(session->inputs[i].name, session->inputs[k].name) ? ", first as " : "",
						 strcmp(session->inputs[i].name, session->inputs[k].name) ? session->inputs[k].name : "");
	}
	return true;
}
