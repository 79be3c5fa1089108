import type { Same } from '../same.js';
import type { ports as en } from '../en/ports.js';

export const ports: Same<typeof en> = {
  'ports.title': '转发的端口',
  'ports.none': '{here}没有端口转发到 {name}。',
  'ports.port': '{protocol} {port}',
  'ports.leads': '转发到 {name} 的端口 {port}。',
  'ports.removeButton': '删除…',
  'ports.removeOf': '删除 {protocol} {port}…',
  'ports.protocol': '协议',
  'ports.hostPort': '{here}的端口',
  'ports.vmPort': '虚拟机的端口',
  'ports.addButton': '转发端口…',
  'ports.apply': '转发端口',
  'ports.withAddress': '在同一项更改中，先为 {name} 设置固定地址。',

  // Why it cannot be
  'ports.noAddress': '{name} 没有固定地址。请先设置。',
  'ports.notFixed': '{name} 通过 DHCP 获取地址，因此地址可能变化。',
  'ports.addressUnknown': '无法确定 {name} 的地址：请启动或登录该虚拟机。',
  'ports.lastAddress': '{name} 目前没有报告地址，因此使用它上次的地址。',
  'ports.addressOfOther': '地址 {address} 现在属于 {name}。',
  'ports.unread': '暂不可用：无法读取{here}转发哪些端口。',
  'ports.taken': '{here}的 {protocol} {port} 已转发到 {target}。',
  'ports.listening': '{here}上的某个程序正在使用 {protocol} {port}。',
  'ports.listeningAs': '{here}上的某个程序正在使用 {protocol} {port}：进程 {process}。',
  'ports.notAPort': '请输入 1 到 65535 之间的数字。',
  'ports.twice': '{protocol} {port} 要求了两次。',
  'ports.why': '否则到此端口的连接无法到达该虚拟机。',
  'ports.open': '其他电脑可能可以通过此端口访问 {vm}',
  'ports.openWhy': '该端口在{here}的所有地址上开放，而不仅对{here}上的程序开放。',

  // Steps and tables
  'ports.make': '将{here}的 {protocol} {port} 转发到 {target}',
  'ports.remove': '停止将 {protocol} {port} 转发到 {target}',
  'ports.made': '转发的端口 {protocol} {port}',
  'ports.kind': '转发的端口',
  'ports.madeWhy': '转发到 {target}',
  'ports.change': '{name} 的转发端口',
  'ports.opened': '{here}的 {protocol} {port} 转发到 {name}。',
  'ports.closed': '{here}的 {protocol} {port} 不再转发到 {name}。',
};
