import type { Same } from '../same.js';
import type { machines as en } from '../en/machines.js';

export const machines: Same<typeof en> = {};
