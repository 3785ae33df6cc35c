// Runs in Firefox itself, with the modules of its developer tools: the functions that the network monitor's menu calls.

const { require } = ChromeUtils.importESModule("resource://devtools/shared/loader/Loader.sys.mjs");
const { gDevTools } = require("devtools/client/framework/devtools");
const browserWindow = Services.wm.getMostRecentWindow("navigator:browser");
const tab = browserWindow.gBrowser.selectedTab;

async function open() {
  // `webconsole` first, so it gets every message.
  const toolbox = await gDevTools.showToolboxForTab(tab, { toolId: "webconsole" });
  await toolbox.selectTool("netmonitor");
}

async function forget() {
  Services.console.reset();
}

async function save({ url, method }) {
  const toolbox = gDevTools.getToolboxForTab(tab);
  const { store, connector, windowRequire } = toolbox.getPanel("netmonitor").panelWin;
  const { getDisplayedRequests } = windowRequire("devtools/client/netmonitor/src/selectors/index");
  const { HarMenuUtils } = windowRequire("devtools/client/netmonitor/src/har/har-menu-utils");
  const Menu = windowRequire("devtools/client/netmonitor/src/widgets/RequestListContextMenu");
  const requests = getDisplayedRequests(store.getState());
  // A preflight is listed after its request.
  const subject = requests.find((request) => request.url.split("#")[0] === url && request.method.toUpperCase() === method.toUpperCase());
  if (!subject) throw new Error(`no ${method} ${url} among ${requests.map((request) => request.url)}`);

  const menu = new Menu({ connector });
  const { id, httpVersion, requestHeaders, requestPostData, responseHeaders } = subject;
  const curl = (platform) =>
    menu.copyAsCurl(id, subject.url, subject.method, httpVersion, requestHeaders, requestPostData, responseHeaders, platform);
  const copy = async (entry) => {
    await entry();
    return clipboard();
  };
  const texts = [
    ["fetch.js", await copy(() => menu.copyAsFetch(id, subject.url, subject.method, requestHeaders, requestPostData))],
    ["curl.sh", await copy(() => curl("Linux"))],
    ["curl.cmd", await copy(() => curl("WINNT"))],
    ["all.har", await HarMenuUtils.copyAllAsHar(requests, connector)],
    ["console.txt", await copiedMessages(toolbox)],
  ];
  return { texts, console: consoleLines() };
}

// The text that "Copy Message" copies, for each message.
async function copiedMessages(toolbox) {
  const { hud } = await toolbox.selectTool("webconsole");
  // Only now the messages are rendered.
  await new Promise((resolve) => setTimeout(resolve, 200));
  const { getElementText } = require("devtools/client/webconsole/utils/clipboard");
  const text = [...hud.ui.document.querySelectorAll(".message")].map((message) => getElementText(message)).join("");
  await toolbox.selectTool("netmonitor");
  return text;
}

// Only the page's messages, not the browser's own.
function consoleLines() {
  return Services.console.getMessageArray()
    .filter((message) => message instanceof Ci.nsIScriptError && !/^(resource|chrome):/.test(message.sourceName))
    .map((message) => message.errorMessage);
}

function clipboard() {
  const transferable = Cc["@mozilla.org/widget/transferable;1"].createInstance(Ci.nsITransferable);
  transferable.init(null);
  transferable.addDataFlavor("text/plain");
  const { kGlobalClipboard } = Services.clipboard;
  Services.clipboard.getData(transferable, kGlobalClipboard, browserWindow.browsingContext.currentWindowContext);
  const data = {};
  transferable.getTransferData("text/plain", data);
  return data.value.QueryInterface(Ci.nsISupportsString).data;
}
