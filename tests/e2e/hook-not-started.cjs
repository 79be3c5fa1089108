// Loaded by `electron -r` before the app: a fault that the app cannot live with, and what it says of it on the standard output.
const { app, dialog, session } = require('electron');
app.whenReady().then(() => {
  session.defaultSession.protocol.handle = () => {
    throw new Error('told by the test');
  };
});
dialog.showMessageBox = ({ message, detail }) => {
  process.stdout.write(`said: ${message} ${detail}\n`);
  return Promise.resolve({ response: 0, checkboxChecked: false });
};
