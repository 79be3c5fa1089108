import type { Same } from '../same.js';
import type { app as en } from '../en/app.js';

export const app: Same<typeof en> = {
  'app.name': 'Hypernest',
  'app.machines': '{count:number} 台虚拟机',
  'app.readAgo': '{age:age}读取',
};
