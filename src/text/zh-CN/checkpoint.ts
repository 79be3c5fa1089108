import type { Same } from '../same.js';
import type { checkpoint as en } from '../en/checkpoint.js';

export const checkpoint: Same<typeof en> = {
  'checkpoint.take': '创建检查点',
  'checkpoint.remove': '删除检查点“{name}”',
  'checkpoint.thing': '检查点“{name}”',
  'checkpoint.kind': '检查点',
  'checkpoint.why': '更改前的设置和磁盘',

  'checkpoint.name': '更改前：{what:words} (Hypernest {stamp:text})',
  'checkpoint.nameMore': '更改前：{what:words}，另有 {count:number} 项 (Hypernest {stamp:text})',

  'checkpoint.tick': '先创建检查点',
  'checkpoint.tickWhat':
    '检查点保存此刻的设置和磁盘。以后应用它会恢复所有这些内容，包括嵌套和内存大小；此后的一切都会丢失。',
  'checkpoint.tickSpace': '删除之前会占用磁盘空间。',
  'checkpoint.tickStandard': '这是标准检查点：正在运行的内容也会保存。',
  'checkpoint.tickProduction': '这是生产检查点：来宾系统先把数据写入磁盘。如果无法做到，Windows 会创建标准检查点。',
  'checkpoint.tickProductionOnly': '这是生产检查点：来宾系统先把数据写入磁盘。如果无法做到，更改就此结束。',
  'checkpoint.staysWhat': '网络、其他检查点以及其他所有虚拟机。',

  'checkpoint.off': '{vm} 已关闭检查点',
  'checkpoint.offWhy': 'Windows 会拒绝创建。请在 Hyper-V 管理器中启用检查点，或不先创建检查点。',
  'checkpoint.hypervisor': 'Windows 现在可能会拒绝为 {vm} 创建检查点',
  'checkpoint.hypervisorWhy': '其中正在运行虚拟机监控程序。如果 Windows 拒绝，更改就此结束，未更改任何内容。',

  'checkpoint.left': '{count:number} 个检查点仍存在',
  'checkpoint.leftWhy': '在 Hyper-V 管理器中应用它会恢复那一刻的设置和磁盘。删除之前会占用磁盘空间。',
  'checkpoint.removeButton': '删除检查点…',
  'checkpoint.stays': '除非勾选，否则保留。',
  'checkpoint.tickRemove': '同时删除 {name} 的检查点',
  'checkpoint.titleRemove': '删除检查点：{title:words}',
  'checkpoint.removeHeadline': '将删除 {count:number} 个检查点，不更改其他内容。',
  'checkpoint.removeLead': 'Windows 会合并其磁盘，可能需要一段时间。此后无法再应用它。',
  'checkpoint.removeNow': '删除',
  'checkpoint.removed': '已删除 {count:number} 个检查点。',
  'checkpoint.gone': '检查点已不存在。',
  'checkpoint.goneLead': '没有需要删除的内容。',
};
