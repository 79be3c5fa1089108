import type { Same } from '../same.js';
import type { wizard as en } from '../en/wizard.js';

export const wizard: Same<typeof en> = {};
