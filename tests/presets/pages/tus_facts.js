const file = () => new Blob(["Hello"]);

export function uploaded(Upload, base, options, input = file()) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(input, {
      endpoint: `${base}/files`,
      retryDelays: null,
      storeFingerprintForResuming: false,
      ...options,
      onSuccess: () => resolve("uploaded"),
      // The next requests have the address.
      onError: (error) => reject(String(error).split(/,? originated|, caused/)[0]),
    });
    upload.start();
  });
}

export function tus(Upload) {
  const up = (base, options, input) => uploaded(Upload, base, options, input);
  return {
    upload: (base) => up(base),
    metadata: (base) => up(base, { metadata: { filename: "hello.txt" } }),
    resume: (base) => up(base, { uploadUrl: `${base}/files/half` }),
    deferred_length: (base) => up(base, { uploadLengthDeferred: true, chunkSize: 3 }, file().stream().getReader()),
    parallel: (base) => up(base, { parallelUploads: 2 }),
    without_patch: (base) => up(base, { overridePatchMethod: true }),
    request_id: (base) => up(base, { addRequestId: true }),
    token: (base) => up(base, { headers: { authorization: "Bearer token" } }),
    async end(base) {
      await Upload.terminate(`${base}/files/half`, { retryDelays: null }).catch((error) => {
        throw String(error).split(/,? originated|, caused/)[0];
      });
      return "ended";
    },
  };
}
