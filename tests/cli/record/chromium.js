// Runs in Chromium's DevTools front end, with its own modules: the functions that the network panel's context menu calls.

async function modules() {
  const [UI, Network, Logs, HAR, Common, SDK, Host, Console] = await Promise.all([
    import("./ui/legacy/legacy.js"),
    import("./panels/network/network.js"),
    import("./models/logs/logs.js"),
    import("./models/har/har.js"),
    import("./core/common/common.js"),
    import("./core/sdk/sdk.js"),
    import("./core/host/host.js"),
    import("./panels/console/console.js"),
  ]);
  return { UI, Network, Logs, HAR, Common, SDK, Host, Console };
}

async function open() {
  const { UI } = await modules();
  await UI.ViewManager.ViewManager.instance().showView("console");
  await UI.ViewManager.ViewManager.instance().showView("network");
}

async function save({ url, method }) {
  const { Network, Logs, HAR, Common, SDK, Host, Console } = await modules();
  const view = Network.NetworkPanel.NetworkPanel.instance().networkLogView;
  const isSubject = (request) =>
    request.url().split("#")[0] === url && request.resourceType().name() !== "preflight" &&
    request.requestMethod.toUpperCase() === method.toUpperCase();
  const subject = Logs.NetworkLog.NetworkLog.instance().requests().find(isSubject);
  if (!subject) throw new Error(`no ${method} ${url}`);

  // Receives the text that the menu's entries copy.
  let copied;
  Host.InspectorFrontendHost.InspectorFrontendHostInstance.copyText = (text) => { copied = text; };
  const copy = async (entry) => {
    copied = undefined;
    await entry();
    return copied;
  };
  const exportHar = async (sanitize) => {
    let text = "";
    const stream = { write: async (part) => { text += part; } };
    await HAR.Writer.Writer.write(stream, view.harRequests(), { sanitize }, new Common.Progress.Progress());
    return text;
  };
  const console = Console.ConsoleView.ConsoleView.instance();
  const messages = SDK.TargetManager.TargetManager.instance().models(SDK.ConsoleModel.ConsoleModel)
    .flatMap((model) => model.messages())
    // Hidden by default, such as the duration of a handler.
    .filter((message) => message.level !== "verbose");
  return {
    texts: [
      ["fetch.js", await copy(() => view.copyFetchCall(subject, 0))],
      ["fetch-node.js", await copy(() => view.copyFetchCall(subject, 1))],
      ["fetch-all.js", await copy(() => view.copyAllFetchCall(0))],
      ["curl.sh", await copy(() => view.copyCurlCommand(subject, "unix"))],
      ["curl.cmd", await copy(() => view.copyCurlCommand(subject, "win"))],
      ["default.har", await exportHar(true)],
      ["sensitive.har", await exportHar(false)],
      ["console.txt", await copy(() => console.copyConsole())],
    ],
    console: messages.map((message) => message.messageText),
  };
}
