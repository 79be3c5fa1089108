import type { Same } from '../same.js';
import type { tray as en } from '../en/tray.js';

export const tray: Same<typeof en> = {};
