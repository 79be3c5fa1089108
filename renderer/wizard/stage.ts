/** Where a wizard is. */
export type Stage = 'choose' | 'review' | 'run' | 'done';
