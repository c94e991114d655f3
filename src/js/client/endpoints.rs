//! Calls of one endpoint each, and lists.

use std::rc::Rc;

use api::Form;
use client::{
    Error,
    lists::{Page, Pager},
    options::CallSettings,
};
use finding::FindingCode;
use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;

use super::{
    JsClient,
    body::{self, handed_out},
    call::{Call, GivenCall},
    call_options, call_settings,
    cursor::{Cursor, Pages},
    dto::out,
    run::run,
};
use crate::convert::set;

#[wasm_bindgen(js_class = Client)]
impl JsClient {
    /// Makes a call: the value, and JSON that says how it was answered.
    pub fn call(&self, call: &GivenCall, options: Option<Object>, done: Function) {
        let options = options.map(JsValue::from);
        let settings = options
            .as_ref()
            .map_or_else(|| Ok(CallSettings::default()), call_settings);
        let (core, call, hub) = (self.core(), Call::of(call), Rc::clone(&self.hub));
        run(&self.hub, options.as_ref(), done, async move {
            let made = async {
                let request = call.and_then(Call::request);
                let form = request.as_ref().map(|request| request.reply);
                let form = form.unwrap_or(Form::Nothing);
                let settings = settings?;
                let reply = core?.call_once(request, settings.call(), settings.once_id).await?;
                Ok(match form {
                    Form::Page { items } => {
                        let page = Page::of(reply, items);
                        hub.reply(&body::page(&page), &page.response)
                    }
                    Form::Nothing => hub.reply(&JsValue::UNDEFINED, &reply.info),
                    _ => hub.reply(&handed_out(&reply.body), &reply.info),
                })
            };
            out(made.await)
        });
    }

    /// The request that a call would send, its secrets masked.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    pub fn prepare(&self, call: &GivenCall) -> Result<JsValue, JsValue> {
        let request = Call::of(call).and_then(Call::request);
        let request = out(self.core().and_then(|core| core.prepare(request)))?;
        let headers = Object::new().into();
        for (name, value) in request.headers {
            set(&headers, name, &JsValue::from_str(&value));
        }
        let prepared = Object::new().into();
        set(&prepared, "method", &JsValue::from_str(request.method));
        set(&prepared, "url", &JsValue::from_str(&request.url));
        set(&prepared, "headers", &headers);
        if let Some(body) = &request.body {
            set(&prepared, "body", &js_sys::JSON::parse(body).unwrap_or(JsValue::NULL));
        }
        Ok(prepared)
    }

    /// The pages of a list, from the one that the call asks for on.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    pub fn pages(&self, call: &GivenCall, options: &JsValue) -> Result<Cursor, JsValue> {
        let make = || match Call::of(call)? {
            Call::Endpoint {
                endpoint, arguments, ..
            } => Pager::new(self.core()?, endpoint, arguments, call_options(options)?),
            Call::Request { .. } => {
                let message = "Such a request lists nothing.";
                Err(Error::refused(FindingCode::InvalidArgument, "operation", message))
            }
        };
        let pages = Pages {
            pager: out(make())?,
            hub: Rc::clone(&self.hub),
        };
        Ok(Cursor::new(&self.hub, Box::new(pages), options.clone()))
    }
}
