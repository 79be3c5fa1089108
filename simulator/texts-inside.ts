/** What Windows says of networks, features and sessions into guests. */

export const insideTexts = {
  wrongParameter: { en: 'The parameter is incorrect.', de: 'Falscher Parameter.', zh: '参数错误。' },
  sharingViolation: {
    en: 'The process cannot access the file because it is being used by another process.',
    de: 'Der Prozess kann nicht auf die Datei zugreifen, da sie von einem anderen Prozess verwendet wird.',
    zh: '另一个程序正在使用此文件，进程无法访问。',
  },
  duplicateName: {
    en: 'You were not connected because a duplicate name exists on the network. If joining a domain, go to System in Control Panel to change the computer name and try again. If joining a workgroup, choose another workgroup name.',
    zh: '由于网络上有重名，没有连接。如果加入域，请转到“控制面板”中的“系统”更改计算机名，然后重试。如果加入工作组，请选择其他工作组名。',
  },
  addressExistsOld: { en: 'Instance MSFT_NetIPAddress already exists' },
  gatewayExists: { en: 'Instance DefaultGateway already exists' },
  objectExists: { en: 'The object already exists.', de: 'Das Objekt ist bereits vorhanden.', zh: '对象已存在。' },
  elementNotFound: { en: 'Element not found.', de: 'Element nicht gefunden.', zh: '找不到元素。' },
  cimNotFound: {
    en: "No {class} objects found with property '{property}' equal to '{name}'.  Verify the value of the property and retry.",
    de: 'Es wurden keine {class}-Objekte gefunden, bei denen die Eigenschaft "{property}" den Wert "{name}" hat. Überprüfen Sie den Wert der Eigenschaft, und wiederholen Sie den Vorgang.',
    zh: '找不到其属性“{property}”等于“{name}”的任何 {class} 对象。请验证该属性的值，然后重试。',
  },
  cimAccessDenied: { en: 'Access is denied. ', de: 'Zugriff verweigert ', zh: '拒绝访问。 ' },
  elevationNeeded: {
    en: 'The requested operation requires elevation.',
    de: 'Der angeforderte Vorgang erfordert erhöhte Rechte.',
    zh: '请求的操作需要提升。',
  },
  featureUnknown: {
    en: 'Feature name {name} is unknown.',
    de: 'Der Featurename "{name}" ist unbekannt.',
    zh: '功能名称 {name} 未知。',
  },
  serviceNotFound: { en: "Cannot find any service with service name '{name}'." },
  serviceNotStarted: {
    en: "Service '{name} ({name})' cannot be started due to the following error: Cannot start service {name} on computer '.'.",
  },
  serviceNotOpened: {
    en: "Service '{name} ({name})' cannot be started due to the following error: Cannot open {name} service on computer '.'.",
  },
  serviceNotClosed: {
    en: "Service '{name} ({name})' cannot be stopped due to the following error: Cannot open {name} service on computer '.'.",
  },
  serviceNotSet: { en: "Service '{name} ({name})' cannot be configured due to the following error: Access is denied" },
  switchAmbiguous: { en: 'More than one Ethernet switch exists with the name "{name}".' },
  switchBind: {
    en: "Failed while adding virtual Ethernet switch connections.\n\nEthernet port '{guid}' bind failed: Element not found. (0x80070490).",
    de: "Fehler beim Hinzufügen von Verbindungen virtueller Ethernet-Switches.\n\nFehler beim Binden des Ethernet-Anschlusses '{guid}': Element nicht gefunden. (0x80070490).",
    zh: '添加虚拟以太网交换机连接时失败。\n\n以太网端口“{guid}”绑定失败: 找不到元素。 (0x80070490)。',
  },
  switchNoAdapter: { en: 'Sequence contains no matching element' },
  switchReadOnly: { en: 'The automatic Internet Connection Sharing switch cannot be modified' },
  dnsTimeout: {
    en: '{name} : This operation returned because the timeout period expired',
    de: '{name} : Dieser Vorgang wurde wegen Zeitüberschreitung zurückgegeben',
    zh: '{name} : 由于超时时间已过，该操作返回。',
  },
  dnsNoName: {
    en: '{name} : DNS name does not exist',
    de: '{name} : Der DNS-Name ist nicht vorhanden',
    zh: '{name} : DNS 名称不存在。',
  },
  // warnings of Test-NetConnection
  pingFailed: { en: 'Ping to {name} failed with status: TimedOut' },
  tcpFailed: { en: 'TCP connect to ({name} : {port}) failed' },
  nameFailed: { en: 'Name resolution of {name} failed' },
  // sessions into guests
  directNoVm: { en: 'The input VMId {vmid} does not resolve to a single virtual machine.' },
  directNotRunning: {
    en: 'The virtual machine {vm} is not in running state.',
    de: 'Der virtuelle Computer "{vm}" wird nicht ausgeführt.',
    zh: '虚拟机 {vm} 未处于运行状态。',
  },
  directModule: { en: 'The Hyper-V Module for PowerShell is not available on this machine.' },
  directCredential: {
    en: 'The credential is invalid.',
    de: 'Die Anmeldeinformationen sind ungültig.',
    zh: '凭据无效。',
  },
  directUserEmpty: { en: 'The input username cannot be empty.', zh: '输入用户名不能为空。' },
  directEnded: {
    en: 'An error has occurred which Windows PowerShell cannot handle. A remote session might have ended.',
    de: 'Es ist ein Fehler aufgetreten, der von Windows PowerShell nicht behandelt werden kann. Möglicherweise wurde eine Remotesitzung beendet.',
    zh: '发生了 Windows PowerShell 无法处理的错误。远程会话可能已结束。',
  },
  directNegotiation: {
    en: 'Negotiating a secure connection to Hyper-V failed. Make sure the Host and Guest are updated with all relevant Microsoft Updates.',
  },
} as const;
