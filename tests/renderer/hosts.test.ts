/** Several PCs in one window: which is shown, what is said of each, and how one is added. */
