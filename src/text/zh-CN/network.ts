import type { Same } from '../same.js';
import type { network as en } from '../en/network.js';

export const network: Same<typeof en> = {
  'network.consentInterrupt': '{name} 的网络会中断大约 10 秒。',
  'network.consentInterruptKnow': '我知道里面的远程桌面和下载会断开。PowerShell Direct 不受影响。',
  'network.waitsForInterrupt': '请勾选：允许中断其网络。',
};
