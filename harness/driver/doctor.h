/* doctor.h: `reclaim doctor`: whether this machine is fit to measure on; and what comparing shows on it (selftest.h).
 */
#ifndef DOCTOR_H
#define DOCTOR_H

/* `words`: the command's name, then what follows it. Returns the command's exit code. */
int doctor_command(int count, char **words);

#endif
