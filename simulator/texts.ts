/** What Windows says, in English as in facts/errors.json and, for some, in German and Chinese: nothing may be found by its text. */
import { insideTexts } from './texts-inside.js';

interface Text {
  readonly en: string;
  readonly de?: string;
  readonly zh?: string;
}

const all = {
  vmNotFoundName: {
    en: 'Hyper-V was unable to find a virtual machine with name "{vm}".',
    de: 'Ein virtueller Computer mit dem Namen "{vm}" wurde von Hyper-V nicht gefunden.',
    zh: 'Hyper-V 找不到名为“{vm}”的虚拟机。',
  },
  vmNotFoundId: {
    en: 'Hyper-V was unable to find a virtual machine with id "{vmid}".',
    de: 'Ein virtueller Computer mit der ID "{vmid}" wurde von Hyper-V nicht gefunden.',
    zh: 'Hyper-V 找不到 ID 为“{vmid}”的虚拟机。',
  },
  switchNotFound: { en: 'Hyper-V was unable to find a virtual switch with name "{name}".' },
  switchNotFoundId: { en: 'No Ethernet switch could be found matching the specified criteria.' },
  adapterNotFound: { en: 'No network adapter was found with the given criteria.' },
  invalidQuery: { en: 'Invalid query ' },
  snapshotNotFound: { en: 'Unable to find a snapshot matching the given criteria.' },
  accessDenied: {
    en: "You do not have the required permission to complete this task. Contact the administrator of the authorization policy for the computer '{host}'.",
    de: 'Sie verfügen nicht über die erforderliche Berechtigung zum Ausführen dieser Aufgabe. Wenden Sie sich an den Administrator der Autorisierungsrichtlinie für den Computer "{host}".',
    zh: '你没有完成此任务所需的权限。请与计算机“{host}”的授权策略管理员联系。',
  },
  accessDeniedOperation: {
    en: 'You do not have permission to perform the operation. Contact your administrator if you believe you should have permission to perform this operation.',
    de: 'Sie verfügen nicht über die Berechtigung zum Ausführen dieses Vorgangs.',
    zh: '你没有执行该操作的权限。如果你认为应具有执行此操作的权限，请与管理员联系。',
  },
  vmmsStopped: {
    en: "Hyper-V encountered an error trying to access an object on computer '{host}' because the object was not found. The object might have been deleted. Verify that the Virtual Machine Management service on the computer is running.",
    zh: 'Hyper-V 尝试访问计算机“{host}”上的对象时遇到错误，因为找不到该对象。该对象可能已被删除。请确认计算机上的虚拟机管理服务正在运行。',
  },
  platformNotInstalled: { en: "Hyper-V has not been installed on computer '{host}'." },
  commandNotFound: {
    en: "The term '{cmdlet}' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.",
  },
  moduleNotFound: {
    en: "The specified module '{name}' was not loaded because no valid module file was found in any module directory.",
  },
  moduleBlocked: {
    en: 'File C:\\Windows\\system32\\WindowsPowerShell\\v1.0\\Modules\\{name}\\{name}.psm1 cannot be loaded because running scripts is disabled on this system. For more information, see about_Execution_Policies at https:/go.microsoft.com/fwlink/?LinkID=135170.',
  },
  moduleNotAutoLoaded: {
    en: "The '{cmdlet}' command was found in the module 'Hyper-V', but the module could not be loaded. For more information, run 'Import-Module Hyper-V'.",
  },
  deviceProcessor: {
    en: "Failed to modify device 'Processor'.\n\n'{vm}' failed to modify device 'Processor'. (Virtual machine ID {vmid})",
    de: "Fehler beim Ändern des Geräts 'Prozessor'.\n\n'{vm}': Fehler beim Ändern des Geräts 'Prozessor'. (ID des virtuellen Computers: {vmid})",
    zh: '未能修改设备“处理器”。\n\n“{vm}”未能修改设备“处理器”。(虚拟机 ID {vmid})',
  },
  deviceProcessorVbs: {
    en: "Failed to modify device 'Processor'.\n\nCannot modify property.\n\n'{vm}' failed to modify device 'Processor'. (Virtual machine ID {vmid})\n\nCannot modify property without enabling VirtualizationBasedSecurityOptOut.",
  },
  deviceMemory: {
    en: "Failed to modify device 'Memory'.\n\n'{vm}' failed to modify device 'Memory'. (Virtual machine ID {vmid})",
    de: "Fehler beim Ändern des Geräts 'Arbeitsspeicher'.\n\n'{vm}': Fehler beim Ändern des Geräts 'Arbeitsspeicher'. (ID des virtuellen Computers: {vmid})",
    zh: '未能修改设备“内存”。\n\n“{vm}”未能修改设备“内存”。(虚拟机 ID {vmid})',
  },
  memoryMismatch: { en: 'Setting maximum, minimum, and buffer settings requires Dynamic Memory to be enabled.' },
  startNestedUnsupported: {
    en: "'{vm}' failed to start.\n\nThe virtual machine could not be started because this platform does not support nested virtualization.",
    zh: '“{vm}”未能启动。\n\n无法启动虚拟机，因为此平台不支持嵌套虚拟化。',
  },
  startNoMemory: {
    en: "'{vm}' failed to start.\n\nNot enough memory in the system to start the virtual machine {vm}.\n\nCould not initialize memory: Not enough memory resources are available to complete this operation. (0x8007000E).\n\n'{vm}' failed to start. (Virtual machine ID {vmid})\n\nNot enough memory in the system to start the virtual machine {vm} with ram size {mb} megabytes. (Virtual machine ID {vmid})\n\n'{vm}' could not initialize memory: Not enough memory resources are available to complete this operation. (0x8007000E). (Virtual machine ID {vmid})",
  },
  startNoHypervisor: {
    en: "'{vm}' failed to start.\n\nFailed to start the virtual machine '{vm}' because one of the Hyper-V components is not running.\n\n'{vm}' failed to start. (Virtual machine ID {vmid})\n\nThe Virtual Machine Management Service failed to start the virtual machine '{vm}' because one of the Hyper-V components is not running (Virtual machine ID {vmid}).",
  },
  startNoDisk: {
    en: "'{vm}' failed to start.\n\nThe system cannot find the path specified. (0x80070003).\n\n'{vm}' failed to start. (Virtual machine ID {vmid})",
  },
  vhdNotCreated: {
    en: "Failed to create the virtual hard disk.\n\nThe system failed to create '{path}'.\n\nFailed to create the virtual hard disk.\n\nThe system failed to create '{path}': {why} ({code}).",
  },
  vhdNotFound: { en: "'{path}' is not an existing virtual hard disk file." },
  dvdNotAdded: {
    en: "Failed to add device 'Virtual CD/DVD Disk'.\n\nAttachment '{path}' not found. Error: '{why}'.\n\n'{vm}' failed to add device 'Virtual CD/DVD Disk'. (Virtual machine ID {vmid})\n\n'{vm}': Attachment '{path}' not found. Error: '{why}' ({code}). (Virtual machine ID {vmid})",
  },
  diskNotAdded: {
    en: "Failed to add device 'Virtual Hard Disk'.\n\nAttachment '{path}' not found. Error: '{why}'.\n\n'{vm}' failed to add device 'Virtual Hard Disk'. (Virtual machine ID {vmid})\n\n'{vm}': Attachment '{path}' not found. Error: '{why}' ({code}). (Virtual machine ID {vmid})",
  },
  tpmNoProtector: {
    en: "The operation failed.\n\nThe selected security settings of a virtual machine cannot be changed without a valid key protector configured.\n\nThe operation failed.\n\nThe selected security settings of virtual machine '{vm}' cannot be changed without a valid key protector configured. Configure a valid key protector and try again. (Virtual machine ID {vmid})",
  },
  gen1Firmware: {
    en: 'The Generation 1 virtual machine or snapshot "{vm}" does not support the VMFirmware cmdlets. Use Get-VMBios and Set-VMBios instead.',
  },
  itemNotFound: { en: "Cannot find path '{path}' because it does not exist." },
  itemInUse: {
    en: "Cannot remove item {path}: The process cannot access the file '{path}' because it is being used by another process.",
  },
  itemDenied: { en: "Cannot remove item {path}: Access to the path '{path}' is denied." },
  checkpointsDisabled: {
    en: "Checkpoint operation failed.\n\nCheckpoints have been disabled.\n\nCheckpoint operation for '{vm}' failed. (Virtual machine ID {vmid})\n\nCheckpoints have been disabled for '{vm}'. (Virtual machine ID {vmid})",
  },
  stateInvalid: {
    en: 'The operation cannot be performed while the virtual machine is in its current state.',
    de: 'Der Vorgang kann nicht ausgeführt werden, während sich der virtuelle Computer im aktuellen Zustand befindet.',
    zh: '虚拟机处于当前状态时无法执行该操作。',
  },
  stateChangeFailed: {
    en: "'{vm}' failed to change state.\n\nThe operation failed with error code '{code}'.",
    de: "'{vm}': Fehler beim Ändern des Zustands.\n\nFehler bei dem Vorgang. Fehlercode: '{code}'.",
    zh: '“{vm}”未能更改状态。\n\n操作失败，错误代码为“{code}”。',
  },
  stopExclusive: { en: 'The Save and TurnOff parameters are mutually exclusive.' },
  inUse: { en: 'The object is in use.' },
  timeout: { en: 'The operation timed out.' },
  noPrompt: {
    en: 'A command that prompts the user failed because the host program or the command type does not support user interaction. The host was attempting to request confirmation with the following message: Are you sure you want to perform this action?',
  },
  unknownParameter: { en: "A parameter cannot be found that matches parameter name '{name}'." },
  ambiguousParameterSet: { en: 'Parameter set cannot be resolved using the specified named parameters.' },
  missingParameter: {
    en: 'Cannot process command because of one or more missing mandatory parameters: {name}.',
  },
  invalidNamespace: { en: 'Invalid namespace ', de: 'Ungültiger Namespace ', zh: '无效命名空间 ' },
  invalidClass: { en: 'Invalid class ', de: 'Ungültige Klasse ', zh: '无效类 ' },
  notSimulated: { en: '{cmdlet} is not simulated.' },
  propertyUnreadable: { en: 'The object was not found.' },
  // warnings
  stateSame: {
    en: 'The virtual machine is already in the specified state.',
    de: 'Der virtuelle Computer befindet sich bereits im angegebenen Zustand.',
    zh: '虚拟机已处于指定状态。',
  },
  startPaused: {
    en: 'The virtual machine "{vm}" was paused. Use the Resume-VM cmdlet to return a paused virtual machine to a running state.',
  },
  updateVersionMax: {
    en: 'No update was performed for the virtual machine "{vm}" because its configuration version is already at the maximum level supported by this server.  For clustered servers, the maximum supported configuration version can be limited by the cluster functional level.',
  },
  // words of health
  statusNormal: { en: 'Operating normally', de: 'Normaler Betrieb', zh: '正常运行' },
  statusStorage: {
    en: 'Cannot connect to virtual machine configuration storage',
    de: 'Es kann keine Verbindung mit dem Konfigurationsspeicher des virtuellen Computers hergestellt werden.',
    zh: '无法连接到虚拟机配置存储',
  },
  statusDisk: { en: 'Disk not found', zh: '找不到磁盘' },
  statusOk: { en: 'OK', zh: '确定' },
  ...insideTexts,
} as const satisfies Record<string, Text>;

export const texts: Readonly<Record<TextId, Text>> = all;
export type TextId = keyof typeof all;
