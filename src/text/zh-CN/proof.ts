import type { Same } from '../same.js';
import type { proof as en } from '../en/proof.js';

export const proof: Same<typeof en> = {
  'proof.noAddress': '它没有任何网络的地址。',
  'proof.notConnected': '{vm} 的网络适配器没有连接到交换机。',
  'proof.spoofingOff': '{vm} 的网络适配器未启用 MAC 地址欺骗：嵌套虚拟机发出的帧会在那里被丢弃。',
  'proof.natGivesNone': 'NAT 网络不分配地址：{vm} 需要静态地址。',
  'proof.privateSwitch': '{vm} 在专用交换机上，那里没有人分配地址。',
  'proof.noDhcp': '{vm} 所在的交换机上没有人分配地址。',
  'proof.noGateway': '它没有网关：没有路通向自己网络之外。',
  'proof.gatewayGone': '{gateway} 已不再是 {vm} 的地址：NAT 网络的网关不见了。',
  'proof.gatewaySilent': '{gateway} 没有应答，它后面的也没有。',
  'proof.noDns': '它没有 DNS 服务器。',
  'proof.dnsSilent': '{server} 没有应答。它可能属于没有连接的 VPN。',
  'proof.severalNats': '{vm} 有 {count} 个 NAT 网络；Windows 只支持一个。',
  'proof.outsideSilent': '域名可以解析，但 {name} 没有应答。中间可能有代理或防火墙。',
};
