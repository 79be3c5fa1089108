import type { Same } from '../same.js';
import type { host as en } from '../en/host.js';

export const host: Same<typeof en> = {};
