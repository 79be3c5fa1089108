import type { Same } from '../same.js';
import type { settings as en } from '../en/settings.js';

export const settings: Same<typeof en> = {};
