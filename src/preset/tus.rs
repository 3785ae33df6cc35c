//! Resumable uploads.

use super::preset;

preset! {
    /// Resumable uploads by the tus protocol 1.0, with its extensions for creation, concatenation and termination, and by the IETF's
    /// draft 05 as the client implements it.
    TUS = "tus", tested with ["tus-js-client 4.3.1", "tus-js-client 3.1.3"];
    allow_methods {
        "DELETE": "ending an upload fails", "https://tus.io/protocols/resumable-upload#delete";
        "PATCH": "every upload fails, but one with `overridePatchMethod`", "https://tus.io/protocols/resumable-upload#patch";
    }
    allow_headers {
        "authorization": "uploads with a token in `headers` fail", "https://unpkg.com/tus-js-client@4.3.1/lib/upload.js";
        "content-type": "every upload fails", "https://tus.io/protocols/resumable-upload#patch";
        "tus-resumable": "every upload by tus 1.0 fails", "https://tus.io/protocols/resumable-upload#tus-resumable";
        "upload-complete": "uploads by the draft fail", "https://unpkg.com/tus-js-client@4.3.1/lib/upload.js";
        "upload-concat": "uploads with `parallelUploads` fail", "https://tus.io/protocols/resumable-upload#upload-concat";
        "upload-defer-length": "uploads with `uploadLengthDeferred` fail", "https://tus.io/protocols/resumable-upload#upload-defer-length";
        "upload-draft-interop-version": "uploads by the draft fail", "https://unpkg.com/tus-js-client@4.3.1/lib/upload.js";
        "upload-length": "every new upload fails", "https://tus.io/protocols/resumable-upload#upload-length";
        "upload-metadata": "uploads with `metadata` fail", "https://tus.io/protocols/resumable-upload#upload-metadata";
        "upload-offset": "every upload fails", "https://tus.io/protocols/resumable-upload#upload-offset";
        "x-http-method-override": "uploads with `overridePatchMethod` fail", "https://tus.io/protocols/resumable-upload#x-http-method-override";
        "x-request-id": "uploads with `addRequestId` fail", "https://unpkg.com/tus-js-client@4.3.1/lib/upload.js";
    }
    expose_headers {
        "location": "every new upload fails: the client does not know its address", "https://tus.io/protocols/resumable-upload#post";
        "upload-length": "no upload can be resumed", "https://tus.io/protocols/resumable-upload#head";
        "upload-offset": "every upload fails: the client does not know how far it is", "https://tus.io/protocols/resumable-upload#patch";
    }
}
