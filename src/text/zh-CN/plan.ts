import type { Same } from '../same.js';
import type { plan as en } from '../en/plan.js';

export const plan: Same<typeof en> = {};
