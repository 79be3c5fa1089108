import type { Same } from '../same.js';
import type { checks as en } from '../en/checks.js';

export const checks: Same<typeof en> = {};
