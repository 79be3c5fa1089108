import type { Same } from '../same.js';
import type { failures as en } from '../en/failures.js';

export const failures: Same<typeof en> = {};
