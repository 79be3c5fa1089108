import type { Same } from '../same.js';
import type { proof as en } from '../en/proof.js';

export const proof: Same<typeof en> = {
  'proof.noAddress': '它在任何网络上都没有 IP 地址。',
  'proof.notConnected': '{vm} 的网络适配器没有连接到交换机。',
  'proof.spoofingOff': '{vm} 的适配器未启用 MAC 地址欺骗，因此嵌套虚拟机发出的帧会在那里被丢弃。',
  'proof.natGivesNone': 'NAT 网络不分配地址：{vm} 需要静态地址。',
  'proof.privateSwitch': '{vm} 连接到专用交换机，那里没有服务分配地址。',
  'proof.noDhcp': '{vm} 所在的交换机上没有服务分配地址。',
  'proof.noGateway': '它没有网关，因此无法访问自己网络之外的内容。',
  'proof.gatewayGone': '{gateway} 已不再是 {vm} 的地址：缺少 NAT 网络的网关。',
  'proof.gatewaySilent': '{gateway} 没有响应，它之后的设备也没有。',
  'proof.noDns': '它没有 DNS 服务器。',
  'proof.dnsSilent': '{server} 没有响应。它可能属于未连接的 VPN。',
  'proof.severalNats': '{vm} 有 {count} 个 NAT 网络；Windows 只支持一个。',
  'proof.outsideSilent': '域名可以解析，但 {name} 没有响应。可能有代理或防火墙阻止。',
};
