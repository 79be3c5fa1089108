/** The two ways to see the VMs of this PC. */
export type Way = 'join-group' | 'allow-session';
