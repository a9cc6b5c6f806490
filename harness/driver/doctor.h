/* doctor.h: `reclaim doctor`: whether this machine is fit to measure on. */
#ifndef DOCTOR_H
#define DOCTOR_H

/* Prints each check, and what to do. Returns the command's exit code: 0 if nothing makes it unfit. */
int doctor_command(void);

#endif
