/* The API's pages: Swagger UI from the hub's own files, reading the hub's own description. */
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null });
