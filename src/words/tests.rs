//! Every sentence on one page.
