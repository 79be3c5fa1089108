import type { Same } from '../same.js';
import type { learn as en } from '../en/learn.js';

export const learn: Same<typeof en> = {
  'learn.title': '虚拟机如何在虚拟机中运行',
  'learn.lead': 'Hyper-V 需要处理器的虚拟化扩展，通常由自己独占。嵌套虚拟化将其也公开给虚拟机。图中是此电脑。',
  'learn.more': '了解详细信息',
  'learn.moreOf': '了解详细信息：{title:words}',
  'learn.without': '未启用嵌套虚拟化',
  'learn.withoutWhy': '虚拟化扩展止于 {pc}。{vm} 中的虚拟机监控程序没有运行的基础。',
  'learn.withoutPicture': '{pc} 有 {extensions}，但不公开。{vm} 可以运行，但其中的 Hyper-V 无法启动。',
  'learn.with': '已启用嵌套虚拟化',
  'learn.withWhy': '{vm} 也可以使用虚拟化扩展，运行自己的 Hyper-V，并在其中启动 {nested}。',
  'learn.withPicture': '{pc} 有 {extensions}，并向 {vm} 公开。{vm} 中的 Hyper-V 可以运行，并启动 {nested}。',
  'learn.aVm': '你的虚拟机',
  'learn.aNestedVm': '嵌套虚拟机',
  'learn.processor': '处理器',
  'learn.extensions': '虚拟化扩展',
  'learn.itself': '来宾系统',
  'learn.either': '都能运行',
  'learn.cannotStart': 'Hyper-V 无法启动',
  'learn.noVm': '没有虚拟机',
  'learn.inside': '在其中运行',
  'learn.kept': '到此为止',
  'learn.handedOn': '公开',
  'learn.wrong': '常见误解',
  'learn.wrongMemory': '“必须关闭动态内存。”',
  'learn.wrongMemoryWhy': '不对。只是虚拟机中运行虚拟机监控程序时，内存量不会调整。',
  'learn.wrongSecurity': '“主机上必须关闭基于虚拟化的安全性。”',
  'learn.wrongSecurityWhy': '不对。这是一个旧脚本的说法；两者可以同时使用。',
  'learn.wrongAmd': '“AMD 不支持。”',
  'learn.wrongAmdWhy': '支持：需要 Windows 11 或 Server 2022，配置版本 9.3 或更高，最好是 10.0。',
  'learn.network': '嵌套虚拟机连接网络的方式',
  'learn.networkDefault': 'Default Switch',
  'learn.networkDefaultWhy':
    '虚拟机运行 Windows 10 或 11 时，其 Hyper-V 自带 Default Switch，包含 NAT、地址和 DNS。Server 没有。',
  'learn.networkNat': '虚拟机中的 NAT',
  'learn.networkNatWhy':
    '外部只能看到虚拟机，因此适用于 Wi-Fi 和云。需在每台嵌套虚拟机中设置地址和 DNS。每台虚拟机只有一个 NAT 网络。',
  'learn.networkSpoofing': 'MAC 地址欺骗',
  'learn.networkSpoofingWhy':
    '嵌套虚拟机直接接入你的网络。需要虚拟机中的外部交换机和有线网络：Wi-Fi 通常会丢弃它们的帧。',
  'learn.others': '其他厂商的应用程序',
  'learn.othersWhy':
    '虚拟机中仅支持 Hyper-V 和以它为基础的程序：WSL 2、使用 WSL 2 的 Docker、使用 WHPX 的 Android 模拟器。',
  'learn.foundHere': '在 {pc} 上找到。',
  'learn.found': '在 {names:list} 中找到。',
};
