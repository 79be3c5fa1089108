import type { Same } from '../same.js';
import type { rights as en } from '../en/rights.js';

export const rights: Same<typeof en> = {};
