//! The weather of three cities.

use std::pin::Pin;
use std::time::Duration;

use tokio_stream::{Stream, StreamExt, iter};
use tonic::{Request, Response, Status};

pub(crate) use self::pb::weather_server::WeatherServer;
use self::pb::{NowRequest, Reading, WatchRequest};

mod pb {
    #![allow(clippy::pedantic, reason = "generated")]

    tonic::include_proto!("weather.v1");
}

const CELSIUS: [(&str, i32); 3] = [("Cairo", 31), ("Lima", 18), ("Oslo", -4)];

/// Between one reading and the next.
const PAUSE: Duration = Duration::from_millis(200);

pub(crate) struct Weather;

#[tonic::async_trait]
impl pb::weather_server::Weather for Weather {
    async fn now(&self, request: Request<NowRequest>) -> Result<Response<Reading>, Status> {
        let city = request.into_inner().city;
        let celsius = celsius_of(&city)?;
        Ok(Response::new(Reading { city, celsius, number: 1 }))
    }

    type WatchStream = Pin<Box<dyn Stream<Item = Result<Reading, Status>> + Send>>;

    async fn watch(&self, request: Request<WatchRequest>) -> Result<Response<Self::WatchStream>, Status> {
        let WatchRequest { city, count } = request.into_inner();
        let celsius = celsius_of(&city)?;
        let readings = iter(1..=count).map(move |number| Ok(Reading { city: city.clone(), celsius, number }));
        Ok(Response::new(Box::pin(readings.throttle(PAUSE))))
    }
}

fn celsius_of(city: &str) -> Result<i32, Status> {
    let found = CELSIUS.iter().find(|(name, _)| *name == city);
    let (_, celsius) = found.ok_or_else(|| Status::not_found(format!("no weather in {city}")))?;
    Ok(*celsius)
}
