import type { Same } from '../same.js';
import type { makers as en } from '../en/makers.js';

export const makers: Same<typeof en> = {
  'makers.none': '没有发现其他虚拟化软件',
  'makers.noneWhy': '已在驱动程序、服务和已安装的程序中查找 {names:list}。',
  'makers.unread': '无法确定是否装有其他虚拟化软件',
  'makers.unreadWhy': 'Windows 未列出全部驱动程序、服务或程序，其中可能有 {names:list}。',
  'makers.onPc': '{here}装有 {app}',
  'makers.onPcFine': '{app} 可与 Hyper-V 一起使用',
  'makers.inside': '{vm} 中装有 {app}，它在其中不受支持',
  'makers.insideWorks': '{vm} 中装有 {app}',
  'makers.virtualBoxPc':
    'Hyper-V 运行时，VirtualBox 6.0 及更高版本会改用 Windows 虚拟机监控程序平台，速度较慢；更早的版本无法工作。嵌套虚拟化不受影响。',
  'makers.virtualBoxInside':
    '它需要独占处理器的虚拟化扩展，在 Hyper-V 虚拟机中可能无法工作。请改用来宾系统中的 Hyper-V 运行这些虚拟机。VirtualBox 也可以使用 Windows 虚拟机监控程序平台，但速度较慢且不受支持。',
  'makers.vmwarePc':
    'Hyper-V 运行时，Workstation 和 Player 15.5.5 及更高版本会改用 Windows 虚拟机监控程序平台，速度较慢；更早的版本无法工作。嵌套虚拟化不受影响。',
  'makers.vmwareInside':
    '它需要独占处理器的虚拟化扩展，在 Hyper-V 虚拟机中可能无法工作。请改用来宾系统中的 Hyper-V 运行这些虚拟机。Workstation 15.5.5 及更高版本也可以使用 Windows 虚拟机监控程序平台，但速度较慢且不受支持。',
  'makers.haxmPc':
    'Hyper-V 运行时它无法工作，也并不需要：Android 模拟器可以使用 Windows 虚拟机监控程序平台 (WHPX)。嵌套虚拟化不受影响。',
  'makers.haxmInside':
    '它不能与 Hyper-V 并存。请让 Android 模拟器使用 Windows 虚拟机监控程序平台 (WHPX)，可以在来宾系统中启用它。',
  'makers.dockerPc': '它的 WSL 2 后端使用同一个虚拟机监控程序，无需任何更改。',
  'makers.dockerInside': '请使用它的 WSL 2 后端。启用嵌套虚拟化，并在来宾系统中启用“虚拟机平台”后即可工作。',
};
