/** The parts of a VM's page, in the order in which they are shown. */
export const parts = ['overview', 'guest', 'network', 'memory'] as const;
export type Part = (typeof parts)[number];
