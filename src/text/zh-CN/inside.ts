import type { Same } from '../same.js';
import type { inside as en } from '../en/inside.js';

export const inside: Same<typeof en> = {
  'inside.signIn': '登录…',
};
