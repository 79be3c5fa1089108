import type { Same } from '../same.js';
import type { activity as en } from '../en/activity.js';

export const activity: Same<typeof en> = {};
